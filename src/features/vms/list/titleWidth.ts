/** A letter of a bold heading, and what stands around it: padding and the sign of the order. CSS pixels. */
const letterWidth = 8;
const aroundTitle = 60;

/** So wide is a column whose title is not cut off. Signs of Chinese, Japanese and Korean take two letters. */
export function titleWidth(title: string): number {
  const wide = title.match(/[\u1100-\uffdc]/g)?.length ?? 0;
  return (title.length + wide) * letterWidth + aroundTitle;
}
