/** Lets the browser save a text as a file; `type` is its media type. */
export function textDownload(fileName: string, text: string, type = 'text/plain'): void {
  fileDownload(fileName, new Blob([text], { type }));
}

/** Lets the browser save anything as a file. */
export function fileDownload(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
