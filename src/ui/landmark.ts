/**
 * Where menus and messages are put that lie above the page: into its main part, so that screen
 * readers find them inside of a landmark.
 */
export function landmark(): HTMLElement {
  return document.querySelector('main') ?? document.body;
}
