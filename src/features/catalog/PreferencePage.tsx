import { preferences } from './types/families';
import { TypeDetailPage } from './types/TypeDetail';

interface Props {
  namespace?: string;
  name?: string;
}

/** One preference. */
export default function PreferencePage({ namespace, name }: Props) {
  return <TypeDetailPage namespace={namespace} name={name} family={preferences} />;
}
