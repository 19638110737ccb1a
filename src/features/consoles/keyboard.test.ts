import { describe, expect, it } from 'vitest';
import { keyCombinations, keyStrokes } from './keyboard';

describe('keyStrokes', () => {
  it('holds shift for what needs it', () => {
    const { strokes } = keyStrokes('aA1!');
    expect(strokes.map(({ code, shift }) => [code, shift])).toEqual([
      ['KeyA', false],
      ['KeyA', true],
      ['Digit1', false],
      ['Digit1', true],
    ]);
  });

  it('types line ends of all systems as Enter', () => {
    expect(keyStrokes('\r\n\r\n').strokes.map(({ code }) => code)).toEqual(['Enter', 'Enter']);
  });

  it('knows every printable character of ASCII', () => {
    const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join('');
    expect(keyStrokes(ascii)).toMatchObject({ skipped: [] });
    expect(keyStrokes(ascii).strokes).toHaveLength(95);
  });

  it('names what it cannot type, each once', () => {
    expect(keyStrokes('é€é').skipped).toEqual(['é', '€']);
  });
});

it('has the function keys at their keysyms', () => {
  const combination = keyCombinations.find(({ label }) => label === 'Ctrl+Alt+F1');
  expect(combination?.keys.at(-1)).toEqual({ keysym: 0xffbe, code: 'F1' });
});
