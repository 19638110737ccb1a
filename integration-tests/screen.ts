import { expect, type Locator, type Page } from '@playwright/test';

/** How the lines begin that the micro guest prints above its login prompt, the last one first. */
const issue = ['Log in as root, no password needed.', 'virtdeck micro guest, kernel '];

/** Pictures of letters, as they are on this screen. */
export type Letters = ReadonlyMap<string, string>;

/** The picture of a VM's screen. */
export function screenOf(page: Page, name: string): Locator {
  return page.getByRole('application', { name: `Screen of ${name}` });
}

/**
 * The screen by its cells: for each one its bright pixels as text, empty where there are none. A
 * PC's text mode has characters of 9 to 16 pixels.
 */
function cellsOf(screen: Locator): Promise<string[][]> {
  return screen.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('the screen has no picture');
    const { width, height } = canvas;
    // Nothing has come yet.
    if (width === 0 || height === 0) return [];
    const { data } = context.getImageData(0, 0, width, height);
    const cell = (row: number, column: number): string => {
      let bits = '';
      for (let y = row * 16; y < (row + 1) * 16; y += 1) {
        for (let x = column * 9; x < (column + 1) * 9; x += 1) {
          bits += (data[4 * (y * width + x)] ?? 0) > 80 ? '1' : '0';
        }
      }
      return bits.includes('1') ? bits : '';
    };
    return Array.from({ length: Math.floor(height / 16) }, (_row, row) =>
      Array.from({ length: Math.floor(width / 9) }, (_column, column) => cell(row, column)),
    );
  });
}

/** Letters of a row that can begin with this text: same letter, same picture. */
function lettersOf(row: readonly string[], text: string, known: Letters): Letters | undefined {
  const letters = new Map([...known, ['', ' ']]);
  for (const [index, letter] of Array.from(text).entries()) {
    const picture = row[index] ?? '';
    if (!letters.has(picture) && ![...letters.values()].includes(letter)) {
      letters.set(picture, letter);
    }
    if (letters.get(picture) !== letter) return undefined;
  }
  return letters;
}

/**
 * Waits for the login prompt on the screen and learns the letters from the lines above it, so that
 * the rest of the screen can be read, whatever the guest's font.
 */
export async function waitForLogin(screen: Locator): Promise<Letters> {
  let learned: Letters = new Map();
  await expect
    .poll(
      async () => {
        const rows = await cellsOf(screen);
        let letters: Letters | undefined = new Map();
        for (const line of issue) {
          const known: Letters = letters;
          letters = rows.map((row) => lettersOf(row, line, known)).find((found) => found);
          if (letters === undefined) return '';
        }
        learned = letters;
        return readScreen(screen, letters);
      },
      { message: 'the login prompt on the screen', timeout: 60_000 },
    )
    .toMatch(/^\S+ login/m);
  return learned;
}

/** The text on the screen; a letter that is not known is a question mark. */
export async function readScreen(screen: Locator, letters: Letters): Promise<string> {
  const rows = await cellsOf(screen);
  return rows
    .map((row) =>
      row
        .map((picture) => letters.get(picture) ?? '?')
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

/** Rows of the serial console as a screen reader gets them. */
export function serialRows(page: Page, name: string): Locator {
  return page.getByRole('group', { name: `Serial console of ${name}` }).getByRole('listitem');
}

export function serialLine(page: Page, name: string): Locator {
  return page.getByRole('textbox', { name: `Serial line of ${name}` });
}

/** Logs in on the serial line of a guest that may still be booting, or is logged in already. */
export async function logIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Serial', exact: true }).click();
  const rows = serialRows(page, name);
  const line = serialLine(page, name);
  const shell = rows.filter({ hasText: `root@${name}:` });
  await expect(async () => {
    // A getty that starts throws away what was typed before.
    await line.press('Enter');
    await expect(
      rows
        .filter({ hasText: `${name} login:` })
        .or(shell)
        .last(),
    ).toBeVisible({
      timeout: 3000,
    });
    if ((await shell.count()) > 0) return;
    await line.pressSequentially('root\n');
    await expect(shell.last()).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 90_000 });
}

let commands = 0;

/** Runs a command in the shell on the serial line and gives its output, which must be one line. */
export async function runInGuest(page: Page, name: string, command: string): Promise<string> {
  commands += 1;
  const mark = `out${commands}`;
  await serialLine(page, name).pressSequentially(`echo "${mark}<$(${command})>"\n`);
  const row = serialRows(page, name).filter({ hasText: new RegExp(`^${mark}<.*>`) });
  const text = await row.last().textContent();
  return /<(.*)>/.exec(text ?? '')?.[1] ?? '';
}
