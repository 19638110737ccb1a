/** Small choices of the user that outlive the page. A browser may forbid storage: then they do not. */

const prefix = 'virtdeck/';

export function readStored(key: string): string | undefined {
  try {
    return localStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(prefix + key, value);
  } catch {
    // Forbidden or full: the choice lasts as long as the page.
  }
}
