import { isRecord } from '~/k8s/isRecord';

/** How a guest's screen is shown. */
export type Display = {
  /** Scaled to the space there is, pixel by pixel, or the guest is asked for a screen of that size. */
  size: 'fit' | 'actual' | 'guest';
  quality: keyof typeof qualityLevels;
};

/**
 * 0 to 9 each, as VNC's Tight encoding has them: `quality` of pictures that may lose detail, where the
 * server allows that, and how much work goes into `compression`.
 */
export const qualityLevels = {
  sharp: { quality: 9, compression: 2 },
  balanced: { quality: 6, compression: 2 },
  slow: { quality: 2, compression: 9 },
};

export const defaultDisplay: Display = { size: 'fit', quality: 'balanced' };

/** What the browser keeps of it; whatever else stands there is as nothing. */
export function parseDisplay(json: unknown): Display {
  const { size, quality } = isRecord(json) ? json : {};
  return {
    size: size === 'actual' || size === 'guest' ? size : defaultDisplay.size,
    quality: quality === 'sharp' || quality === 'slow' ? quality : defaultDisplay.quality,
  };
}
