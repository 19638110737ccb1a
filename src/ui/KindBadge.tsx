import './ui.css';

/** The console's badge of a kind of resource: its capitals in a pill. */
export function KindBadge({ text, title }: { text: string; title: string }) {
  return (
    <span className="vd-badge" title={title}>
      {text}
    </span>
  );
}
