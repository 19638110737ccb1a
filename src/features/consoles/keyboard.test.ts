import { describe, expect, it } from 'vitest';
import { keyCombinations } from './keyboard';
import { keyStrokes, layoutOfLanguage, layouts } from './layouts';

describe('keyStrokes', () => {
  it('holds shift for what needs it', () => {
    const { strokes } = keyStrokes('aA1!', 'us');
    expect(strokes.map(({ code, shift }) => [code, shift])).toEqual([
      ['KeyA', false],
      ['KeyA', true],
      ['Digit1', false],
      ['Digit1', true],
    ]);
  });

  it('types line ends of all systems as Enter', () => {
    expect(keyStrokes('\r\n\r\n', 'us').strokes.map(({ code }) => code)).toEqual([
      'Enter',
      'Enter',
    ]);
  });

  it('knows every printable character of ASCII', () => {
    const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n)).join('');
    expect(keyStrokes(ascii, 'us')).toMatchObject({ skipped: [] });
    expect(keyStrokes(ascii, 'us').strokes).toHaveLength(95);
  });

  it.each(layouts)('types what a shell needs on $label', ({ value }) => {
    const needed = 'azqwmAZQWM0123456789 -_/\\|\'"$%&(){}[]<>=+*.,;:!?#@~';
    expect(keyStrokes(needed, value).skipped).toEqual([]);
  });

  it('finds the keys where the layout has them', () => {
    const codes = (text: string, layout: 'de' | 'fr') =>
      keyStrokes(text, layout).strokes.map(({ code, shift, altGr }) => [code, shift, altGr]);
    expect(codes('zy', 'de')).toEqual([
      ['KeyY', false, false],
      ['KeyZ', false, false],
    ]);
    expect(codes('@', 'de')).toEqual([['KeyQ', false, true]]);
    expect(codes('1a', 'fr')).toEqual([
      ['Digit1', true, false],
      ['KeyQ', false, false],
    ]);
  });

  it('follows a key that waits for another by a space', () => {
    expect(keyStrokes('^', 'de').strokes.map(({ code }) => code)).toEqual(['Backquote', 'Space']);
  });

  it('holds two keys where a character is on the fourth level', () => {
    const held = (text: string, layout: 'it' | 'pl') =>
      keyStrokes(text, layout).strokes.map(({ code, shift, altGr }) => [code, shift, altGr]);
    expect(held('{', 'it')).toEqual([['BracketLeft', true, true]]);
    expect(held('łŁ', 'pl')).toEqual([
      ['KeyL', false, true],
      ['KeyL', true, true],
    ]);
  });

  it('types on keys that only some keyboards have', () => {
    expect(keyStrokes('_\\', 'jp').strokes.map(({ code }) => code)).toEqual(['IntlRo', 'IntlRo']);
    expect(keyStrokes('/', 'br').strokes.map(({ code }) => code)).toEqual(['IntlRo']);
  });

  it('begins with the layout of the user', () => {
    expect(
      ['de-DE', 'de-CH', 'ja', 'sv', 'ko', 'pt-BR', 'pt', 'en-GB'].map(layoutOfLanguage),
    ).toEqual(['de', 'ch', 'jp', 'se', 'us', 'br', 'pt', 'gb']);
  });

  it('names what it cannot type, each once', () => {
    expect(keyStrokes('é€é', 'us').skipped).toEqual(['é', '€']);
  });
});

it('has the function keys at their keysyms', () => {
  const combination = keyCombinations.find(({ label }) => label === 'Ctrl+Alt+F1');
  expect(combination?.keys.at(-1)).toEqual({ keysym: 0xffbe, code: 'F1' });
});
