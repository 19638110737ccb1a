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
  // Observers: the part of the page above changes its height, and the window its size.
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const page = target.closest('main') ?? document.body;
    const fit = () => {
      const { top } = target.getBoundingClientRect();
      const scrolled = page.parentElement ? page.scrollTop : 0;
      const { bottom } = page.getBoundingClientRect();
      const below = page.querySelector<HTMLElement>('[data-vd-footer]')?.offsetHeight ?? 0;
      const end = Math.min(bottom, window.innerHeight) - below;
      const height = Math.max(LEAST, end - top - scrolled - BELOW);
      const next = `${Math.round(height)}px`;
      if (target.style.getPropertyValue('--vd-fill') !== next) {
        target.style.setProperty('--vd-fill', next);
      }
    };
    const sizes = new ResizeObserver(fit);
    const watch = () => {
      sizes.disconnect();
      sizes.observe(page);
      for (let at: Element = target; at !== page && at.parentElement; at = at.parentElement) {
        for (const sibling of at.parentElement.children) if (sibling !== at) sizes.observe(sibling);
      }
      fit();
    };
    // Parts of the page that come later, such as the bar at its end.
    const parts = new MutationObserver(watch);
    for (let at: Element = target; at !== page && at.parentElement; at = at.parentElement) {
      parts.observe(at.parentElement, { childList: true });
    }
    watch();
    window.addEventListener('resize', fit);
    return () => {
      sizes.disconnect();
      parts.disconnect();
      window.removeEventListener('resize', fit);
    };
  }, [element]);
}
