/** RFC 3339 in whole seconds, as metav1.Time; takes a Date or milliseconds since the epoch. */
export function timestamp(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
