import { type RefObject, useEffect } from 'react';

/** Space that is left below, CSS pixels: the padding of the page's last section. */
const BELOW = 24;

/** Less than this is no use: then the page scrolls as well. CSS pixels. */
const LEAST = 320;

/**
 * Tells an element, as the CSS variable `--vd-fill`, how high it can be such that it ends where the
 * page ends. Hosts put pages into a part that scrolls, which knows no such height by itself.
 */
export function useFillHeight(element: RefObject<HTMLElement>): void {
  // ResizeObserver: the part of the page above changes its height, and the window its size.
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const page = target.closest('main') ?? document.body;
    const fit = () => {
      const { top } = target.getBoundingClientRect();
      const scrolled = page.parentElement ? page.scrollTop : 0;
      const { bottom } = page.getBoundingClientRect();
      const height = Math.max(LEAST, Math.min(bottom, window.innerHeight) - top - scrolled - BELOW);
      const next = `${Math.round(height)}px`;
      if (target.style.getPropertyValue('--vd-fill') !== next) {
        target.style.setProperty('--vd-fill', next);
      }
    };
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(page);
    for (let at: Element | null = target; at && at !== page; at = at.parentElement) {
      for (const sibling of at.parentElement?.children ?? []) {
        if (sibling !== at) observer.observe(sibling);
      }
    }
    window.addEventListener('resize', fit);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, [element]);
}
