import { Alert, Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { objectCreate } from '~/api/objects';
import { objectSave, SaveConflictError } from '~/api/objectSave';
import { type Failure, type FailureCause, toFailure } from '~/k8s/errors';
import { changesOf } from '~/k8s/jsonPatch';
import type { KubernetesObject } from '~/k8s/KubernetesObject';
import { mergeChanges } from '~/k8s/mergeChanges';
import type { Model } from '~/k8s/models';
import { fieldMistake, type FormField } from '~/kubevirt/catalog/formFields';
import { ChangeList, ConflictList } from '~/ui/ChangeList';
import { FormModal } from '~/ui/FormModal';
import { LoadingState } from '~/ui/LoadingState';
import { toastAdd } from '~/ui/toasts';

import { ObjectFields } from './ObjectFields';
import { objectOf, textOf, withWritten, writtenPart } from './yamlDraft';

// Colours and help for YAML are for who writes it.
const ObjectYamlEditor = lazy(() =>
  import('./ObjectYamlEditor').then((module) => ({ default: module.ObjectYamlEditor })),
);

const noCauses: readonly FailureCause[] = [];

type View = 'form' | 'yaml' | 'changes';

interface Props<T extends KubernetesObject> {
  model: Model;
  /** The object as it is; for a new one, what it begins with. */
  object: T;
  isNew: boolean;
  title: string;
  description?: string;
  fields: readonly FormField[];
  /** More of the form, below the fields. */
  extra?: (object: T, onChange: (object: T) => void) => ReactNode;
  initialView?: View;
  onSaved?: (object: T) => void;
  onClose: () => void;
}

/**
 * Makes or changes an object by a form and by YAML: both are views of one object, so that what the form
 * does not know is kept. A change is sent as a patch of nothing but itself.
 */
export function ObjectEditModal<T extends KubernetesObject>(props: Props<T>) {
  const { t } = useTranslation('plugin__virtdeck');
  const { model, isNew } = props;
  const [base] = useState(props.object);
  const [mine, setMine] = useState(() => writtenPart(base));
  const [view, setView] = useState<View>(props.initialView ?? 'form');
  const [text, setText] = useState(() => textOf(base));
  const [textMistake, setTextMistake] = useState<string>();
  const [wasSent, setWasSent] = useState(false);
  const [isSubmitting, setSubmitting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [conflict, setConflict] = useState<SaveConflictError>();

  const fields = props.fields.filter(({ isIdentity }) => isNew || isIdentity !== true);
  const hasMistake = fields.some((field) => fieldMistake(mine, field) !== undefined);
  const changes = changesOf(isNew ? {} : writtenPart(base), mine);

  const change = (object: T) => {
    setMine(object);
    setText(textOf(object));
    setFailure(undefined);
  };
  const changeText = (next: string) => {
    setText(next);
    setFailure(undefined);
    const object = objectOf<T>(next);
    if (typeof object === 'string') {
      setTextMistake(object || t('There must be metadata and a spec.'));
    } else {
      setTextMistake(undefined);
      setMine(object);
    }
  };
  const send = async (before: T, after: T) => {
    setSubmitting(true);
    setFailure(undefined);
    try {
      const saved = isNew
        ? await objectCreate(model, after)
        : await objectSave(model, before, withWritten(before, after));
      const name = saved.metadata?.name ?? '';
      toastAdd({
        tone: 'success',
        title: isNew ? t('Created {{name}}', { name }) : t('Saved {{name}}', { name }),
      });
      props.onClose();
      props.onSaved?.(saved);
    } catch (error) {
      if (error instanceof SaveConflictError) setConflict(error);
      else setFailure(toFailure(error));
      setSubmitting(false);
    }
  };
  const submit = () => {
    setWasSent(true);
    // Of the kind that was saved.
    if (conflict) void send(conflict.latest as T, conflict.merged as T);
    else if (view !== 'form' || !hasMistake) void send(base, mine);
  };
  const keepTheirs = (error: SaveConflictError) => {
    const latest = error.latest as T;
    // The side that is named second wins.
    void send(latest, mergeChanges(base, latest, withWritten(base, mine)).merged);
  };

  const views: Record<View, string> = {
    form: t('Form'),
    yaml: t('YAML'),
    changes: t('Changes'),
  };
  return (
    <FormModal
      title={props.title}
      {...(props.description === undefined ? {} : { description: props.description })}
      size="large"
      submitLabel={conflict ? t('Keep mine') : isNew ? t('Create') : t('Save')}
      cancelLabel={t('Cancel')}
      isSubmitting={isSubmitting}
      submitDisabledReason={
        textMistake === undefined
          ? changes.length === 0
            ? t('Nothing is changed.')
            : undefined
          : t('The YAML has a mistake.')
      }
      submitError={failure && { title: t(failure.title), detail: failure.detail }}
      extraActions={
        conflict ? (
          <Button
            variant="secondary"
            isDisabled={isSubmitting}
            onClick={() => keepTheirs(conflict)}
          >
            {t('Keep theirs')}
          </Button>
        ) : null
      }
      onSubmit={submit}
      onCancel={props.onClose}
    >
      {conflict ? (
        <ConflictAlert conflicts={conflict.conflicts} />
      ) : (
        <>
          <ToggleGroup aria-label={t('View')}>
            {(['form', 'yaml', ...(isNew ? [] : (['changes'] as const))] as const).map((one) => (
              <ToggleGroupItem
                key={one}
                buttonId={`vd-view-${one}`}
                text={views[one]}
                isSelected={view === one}
                // The form would show another object than the text.
                isDisabled={textMistake !== undefined && one !== 'yaml'}
                onChange={() => setView(one)}
              />
            ))}
          </ToggleGroup>
          {view === 'form' ? (
            <>
              <ObjectFields
                object={mine}
                fields={fields}
                showsRequired={wasSent}
                refusals={refusalsOf(failure)}
                onChange={change}
              />
              {props.extra?.(mine, change)}
            </>
          ) : view === 'yaml' ? (
            <YamlView
              model={model}
              text={text}
              mistake={textMistake}
              causes={failure?.causes ?? noCauses}
              onChange={changeText}
            />
          ) : (
            <ChangeList
              label={t('Changes')}
              emptyText={t('Nothing is changed.')}
              changes={changes}
            />
          )}
        </>
      )}
    </FormModal>
  );
}

function YamlView(props: ComponentProps<typeof ObjectYamlEditor>) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <Suspense fallback={<LoadingState label={t('Loading')} rows={6} />}>
      <ObjectYamlEditor {...props} />
    </Suspense>
  );
}

/** What the server refuses, by the place of the object. */
function refusalsOf(failure: Failure | undefined): Record<string, string> {
  if (!failure) return {};
  if (failure.reason === 'AlreadyExists') return { 'metadata.name': failure.detail };
  return Object.fromEntries(failure.causes.map(({ field, message }) => [field, message]));
}

function ConflictAlert({ conflicts }: Pick<SaveConflictError, 'conflicts'>) {
  const { t } = useTranslation('plugin__virtdeck');
  return (
    <Alert
      isInline
      isLiveRegion
      component="h2"
      variant="warning"
      title={t('Somebody else has changed the same')}
    >
      <ConflictList
        label={t('Conflicts')}
        texts={{ before: t('Before'), theirs: t('Theirs'), yours: t('Yours') }}
        conflicts={conflicts}
      />
    </Alert>
  );
}
