import {
  type RowTest,
  type SearchField,
  searchFields,
  type SearchOperator,
} from '~/kubevirt/search/searchFields';

/** One condition of a search, and where it stands in the text. */
export interface SearchTerm {
  start: number;
  end: number;
  isNegated: boolean;
  /** Undefined for a plain word. */
  field: SearchField | undefined;
  operator: SearchOperator;
  /** Any of them; without quotes. */
  values: readonly string[];
}

/** `-field>="value with spaces",other` or a plain word; quotes may be left open while typing. */
const TERM = /(-?)(?:([a-zA-Z]+)(>=|<=|[:=<>]))?((?:"[^"]*(?:"|$)|[^\s"])*)/y;

function unquoted(text: string): string[] {
  const parts = text.match(/(?:"[^"]*(?:"|$)|[^",])+/g) ?? [];
  return parts.map((part) => part.replaceAll('"', '').trim()).filter((part) => part !== '');
}

/** Cuts a search into its terms. All of them must hold; commas in one mean "any of". */
export function parseSearch(text: string): readonly SearchTerm[] {
  const terms: SearchTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    TERM.lastIndex = at;
    const [whole = '', minus, name = '', operator, value = ''] = TERM.exec(text) ?? [];
    const end = at + Math.max(1, whole.length);
    const field = searchFields.find((one) => one.name === name.toLowerCase());
    // What looks like a field and is none is a word: addresses and times have colons.
    const word = field ? value : whole.slice(minus ? 1 : 0);
    terms.push({
      start: at,
      end,
      isNegated: minus === '-',
      field,
      operator: field ? ((operator ?? ':') as SearchOperator) : ':',
      values: field ? unquoted(word) : [word.replaceAll('"', '')].filter((one) => one !== ''),
    });
    at = end;
  }
  return terms;
}

/** What of a search cannot be understood, and something that could. */
export interface SearchMistake {
  term: string;
  example: string;
}

/** A search that can be asked of rows. Terms that cannot be understood are left out and told. */
export interface CompiledSearch {
  matches: RowTest;
  mistakes: readonly SearchMistake[];
}

/**
 * Compiles a search. A term whose value is still missing (`status:`) matches everything.
 * @param now milliseconds since 1970, for ages
 */
export function compileSearch(text: string, now: number): CompiledSearch {
  const tests: RowTest[] = [];
  const mistakes: SearchMistake[] = [];
  for (const term of parseSearch(text)) {
    if (term.values.length === 0) continue;
    const any = term.values.map((value) => testOf(term, value, now));
    const found = any.flatMap((test) => (test ? [test] : []));
    if (found.length < any.length) {
      mistakes.push({
        term: text.slice(term.start, term.end),
        example: term.field?.example ?? '',
      });
      continue;
    }
    const [only] = found;
    const matches: RowTest =
      only && found.length === 1 ? only : (row) => found.some((test) => test(row));
    tests.push(term.isNegated ? (row) => !matches(row) : matches);
  }
  return { matches: (row) => tests.every((test) => test(row)), mistakes };
}

function testOf({ field, operator }: SearchTerm, value: string, now: number): RowTest | undefined {
  if (field === undefined) {
    const part = value.toLowerCase();
    return (row) => row.haystack.includes(part) || row.namespace.includes(part);
  }
  return field.test(operator, value, now);
}

/** Whether a text may be the beginning of a field's name, and nothing else. */
export function isFieldName(text: string): boolean {
  const typed = text.trim().replace(/^-/, '').toLowerCase();
  return typed !== '' && searchFields.some(({ name }) => name.startsWith(typed));
}

/** A value as it is written in a search. */
export function quoteSearchValue(value: string): string {
  return /[\s",]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}
