/**
 * Where menus are put that lie above the page: into its main part, so that screen readers find them
 * inside of a landmark. Not for toasts: the main part would clip them, and they are announced anyway.
 */
export function landmark(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}
