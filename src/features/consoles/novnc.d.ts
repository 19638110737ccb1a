/** What is used of noVNC, which has no types of its own (docs/API.md of the package). */
declare module '@novnc/novnc' {
  type RfbEvents = {
    connect: CustomEvent<undefined>;
    disconnect: CustomEvent<{ clean: boolean }>;
    securityfailure: CustomEvent<{ status: number; reason?: string }>;
    credentialsrequired: CustomEvent<{ types: string[] }>;
    clipboard: CustomEvent<{ text: string }>;
  };

  // eslint-disable-next-line import-x/no-default-export -- noVNC's own
  export default class RFB {
    constructor(target: HTMLElement, url: string, options: { wsProtocols: string[] });
    scaleViewport: boolean;
    /** Asks the server for a screen of the element's size. */
    resizeSession: boolean;
    /** 0 to 9: bad to good; 0 to 9: quick to small. */
    qualityLevel: number;
    compressionLevel: number;
    background: string;
    addEventListener<Name extends keyof RfbEvents>(
      name: Name,
      listener: (event: RfbEvents[Name]) => void,
    ): void;
    sendKey(keysym: number, code: string, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
    focus(): void;
    blur(): void;
    disconnect(): void;
    toBlob(callback: (blob: Blob | null) => void, type: string): void;
  }
}
