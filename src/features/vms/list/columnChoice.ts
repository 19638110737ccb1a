import { useEffect } from 'react';

import { isRecord } from '~/k8s/isRecord';
import { useStored } from '~/ui/stored';

/** Which columns, in which order and how wide. */
export interface ColumnChoice {
  /** Identifiers; undefined until the user has chosen. */
  shown: readonly string[] | undefined;
  /** CSS pixels of columns that the user has resized. */
  widths: Readonly<Record<string, number>>;
}

export const defaultChoice: ColumnChoice = { shown: undefined, widths: {} };

/** Takes what is understood of a stored choice. */
export function parseColumnChoice(json: unknown): ColumnChoice {
  if (!isRecord(json)) return defaultChoice;
  const { shown, widths } = json;
  const ids = Array.isArray(shown) ? shown.filter((id) => typeof id === 'string') : [];
  const pixels = Object.entries(isRecord(widths) ? widths : {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 40,
  );
  return { shown: ids.length > 0 ? ids : undefined, widths: Object.fromEntries(pixels) };
}

interface Choosable {
  id: string;
  isDefault: boolean;
}

/** The columns of a choice, in its order; identifiers that no longer exist are left out. */
export function chosenColumns<C extends Choosable>(
  all: readonly C[],
  { shown }: Pick<ColumnChoice, 'shown'>,
): readonly C[] {
  if (!shown) return all.filter(({ isDefault }) => isDefault);
  return shown.flatMap((id) => all.filter((column) => column.id === id));
}

function isDefault({ shown, widths }: ColumnChoice): boolean {
  return shown === undefined && Object.keys(widths).length === 0;
}

interface InUrl {
  columns?: ColumnChoice | undefined;
}

/**
 * The choice of this user in this browser, unless the URL brings another; and its change. The URL has it too, so
 * that whoever gets the link sees the same list.
 */
export function useColumnChoice(
  kind: 'vm' | 'instance',
  { columns }: InUrl,
  update: (change: InUrl) => void,
): [ColumnChoice, (choice: ColumnChoice) => void] {
  const [stored, setStored] = useStored(`virtdeck.${kind}-list.columns`, parseColumnChoice);
  // URL: it gets what this browser remembers.
  useEffect(() => {
    if (columns === undefined && !isDefault(stored)) update({ columns: stored });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, as the list opens
  }, []);
  const change = (choice: ColumnChoice) => {
    setStored(choice);
    update({ columns: isDefault(choice) ? undefined : choice });
  };
  return [columns ?? stored, change];
}
