import { TemplateDetail } from './templates/TemplateDetail';

interface Props {
  namespace?: string;
  name?: string;
}

/** One template. */
export default function TemplatePage({ namespace, name }: Props) {
  return <TemplateDetail namespace={namespace} name={name} />;
}
