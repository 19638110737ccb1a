import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useOpenApi } from '~/api/openApi';
import type { FailureCause } from '~/k8s/errors';
import type { Model } from '~/k8s/models';
import type { FieldPath, Schema } from '~/k8s/yaml/openApi';
import { yamlPlace } from '~/k8s/yaml/yamlPlace';
import { refusedAt, type YamlProblem, yamlProblems } from '~/k8s/yaml/yamlProblems';

/** As `ui/yaml/YamlEditor` shows them. */
interface YamlOffer {
  label: string;
  isKey: boolean;
  detail: string;
}

interface YamlMark {
  from: number;
  to: number;
  tone: 'danger' | 'warning';
  message: string;
}

function pathText(path: FieldPath): string {
  return path
    .map((part, index) => (typeof part === 'number' ? '[]' : index === 0 ? part : `.${part}`))
    .join('');
}

/** Help for who writes an object of a kind as YAML: offers, explanations, marks and the words around. */
export function useYamlHelp(model: Model, text: string, causes: readonly FailureCause[]) {
  const { t } = useTranslation('plugin__virtdeck');
  const { api, failure } = useOpenApi(model);
  const { kind } = model;

  const message = ({ what }: YamlProblem): string => {
    switch (what.kind) {
      case 'syntax':
      case 'refused':
        return what.message;
      case 'unknownField':
        return t('The cluster knows no field {{name}} here', { name: what.name });
      case 'wrongType':
        return t('This has to be of the type {{type}}', { type: what.expected });
      case 'notOneOf':
        return t('This has to be one of: {{values}}', { values: what.values.join(', ') });
      case 'missing':
        return t('{{name}} is missing here', { name: what.name });
    }
  };
  const marks = useMemo(
    () => [...refusedAt(text, causes), ...yamlProblems(text, kind, api)],
    [text, kind, api, causes],
  ).map((problem): YamlMark => ({
    from: problem.from,
    to: problem.to,
    tone: problem.isError ? 'danger' : 'warning',
    message: message(problem),
  }));

  const typeText = (schema: Schema | undefined) => schema?.type ?? '';
  const offers = (offset: number) => {
    const place = yamlPlace(text, offset);
    if (!place || !api) return undefined;
    const { parent, key, prefix, from, siblings } = place;
    const isWanted = (label: string) => label.toLowerCase().startsWith(prefix.toLowerCase());
    const field = (label: string, schema: Schema | undefined, isKey: boolean): YamlOffer => ({
      ...{ label, isKey, detail: typeText(schema) },
    });
    if (key !== undefined) {
      const schema = api.at(kind, [...parent, key]);
      const values = schema?.type === 'boolean' ? ['true', 'false'] : (schema?.enumValues ?? []);
      return { from, offers: values.filter(isWanted).map((one) => field(one, schema, false)) };
    }
    const names = (api.at(kind, parent)?.fields ?? []).filter(
      (name) => isWanted(name) && !siblings.includes(name),
    );
    return {
      from,
      offers: names.map((name) => field(name, api.at(kind, [...parent, name]), true)),
    };
  };

  const explain = (offset: number) => {
    // The whole line tells which key it is about.
    const end = text.indexOf('\n', offset);
    const place = yamlPlace(text, end < 0 ? text.length : end);
    if (!place || !api) return undefined;
    const path = place.key === undefined ? place.parent : [...place.parent, place.key];
    const schema = api.at(kind, path);
    if (schema === undefined || path.length === 0) return undefined;
    const title = [pathText(path), typeText(schema)].filter(Boolean).join(' · ');
    return { title, text: schema.description };
  };
  const texts = {
    offers: t('What can be written here'),
    hint: failure
      ? `${t('There is no help for the fields:')} ${failure.detail}`
      : t('Ctrl+Space offers what can be written here.'),
    problems: t('Problems'),
    line: (line: number, words: string) =>
      t('Line {{line}}: {{message}}', { line, message: words }),
  };
  return { marks, offers, explain, texts };
}
