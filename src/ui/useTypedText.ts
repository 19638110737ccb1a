import { useEffect, useRef, useState } from 'react';

import { afterPaint } from './afterPaint';

interface TypedText {
  /** What stands in the field. */
  text: string;
  type: (text: string) => void;
  /** Whatever was typed: the owner's value stands there again. */
  settle: () => void;
}

/**
 * A text that is shown as it is typed, and told once it is on the screen: what hangs on it, such as a filter of
 * thousands of rows, keeps no letter waiting. What is typed meanwhile is told in one go.
 */
export function useTypedText(value: string, onChange: (text: string) => void): TypedText {
  const [typed, setTyped] = useState<string>();
  const cancel = useRef<() => void>();
  const tell = useRef(onChange);
  // Refs: who listens when it is told may be another than when it was typed.
  useEffect(() => {
    tell.current = onChange;
  });
  // Timer: nothing is told of a field that is gone.
  useEffect(() => () => cancel.current?.(), []);
  return {
    text: typed ?? value,
    type: (text) => {
      setTyped(text);
      cancel.current?.();
      cancel.current = afterPaint(() => {
        tell.current(text);
        setTyped(undefined);
      });
    },
    settle: () => {
      cancel.current?.();
      setTyped(undefined);
    },
  };
}
