import { instancetypes } from './types/families';
import { TypeDetailPage } from './types/TypeDetail';

interface Props {
  namespace?: string;
  name?: string;
}

/** One instance type. */
export default function InstanceTypePage({ namespace, name }: Props) {
  return <TypeDetailPage namespace={namespace} name={name} family={instancetypes} />;
}
