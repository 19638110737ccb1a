import { PageSection, Title } from '@patternfly/react-core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useProjectChoices } from '~/api/projects';
import { DocumentTitle } from '~/console/DocumentTitle';
import { useLocation, useNavigate, vmWizardHref } from '~/console/navigation';
import { parseDraftLink } from '~/kubevirt/create/parseDraft';
import { parseTypeKey } from '~/kubevirt/create/typeKey';
import {
  customCompute,
  diskDraft,
  newDraft,
  rootDisk,
  type VmDraft,
} from '~/kubevirt/create/vmDraft';
import { DialogHost } from '~/ui/DialogHost';
import { LoadingState } from '~/ui/LoadingState';
import { ToastHost } from '~/ui/ToastHost';

import type { BootSourceRow } from '~/kubevirt/bootSources';
import { draftStore, useDraft } from './draftStore';
import { useBootSources } from '~/api/bootSources';
import { useClaimBytes } from './useClaimBytes';
import { type InstanceTypes, useInstanceTypes } from '~/api/instanceTypes';
import { suggestName, suggestProject, suggestSizes, suggestType } from './vmForm';
import { readPreset, withPreset } from './preset';
import { VmWizard } from './wizard/VmWizard';
import './vm-create.css';

// A feature does not import another, but tasks belong on each page that begins them.
const RecentTasks = lazy(() =>
  // eslint-disable-next-line import-x/no-restricted-paths
  import('../tasks/RecentTasks').then((module) => ({ default: module.RecentTasks })),
);

/** Creates virtual machines with everything that can be said of them. The address has the step. */
export default function VmWizardPage() {
  const { t } = useTranslation('plugin__virtdeck');
  const { hash, search } = useLocation();
  const navigate = useNavigate();
  const draft = useDraft();
  const [asked] = useState(() => new URLSearchParams(search).get('project') ?? undefined);
  const projects = useProjectChoices();
  const sources = useBootSources(draft?.namespace ?? asked);
  const types = useInstanceTypes(draft?.namespace ?? asked ?? '');
  const first = sources.rows.find((row) => row.isReady);
  const claim = useClaimBytes(draft === undefined ? first : undefined);
  const isReady = !projects.isLoading && !sources.isLoading && !types.isLoading && !claim.isLoading;
  // A link has a draft of somebody else; once taken over it is ours, and the address is plain again.
  useEffect(() => {
    const linked = parseDraftLink(hash);
    if (!linked) return;
    draftStore.set(linked);
    void navigate(vmWizardHref(), { replace: true });
  }, [hash, navigate]);
  const applied = useRef('');
  // Pages of instance types and of boot sources lead here with what they are of.
  useEffect(() => {
    const preset = readPreset(search);
    if (!preset || !isReady || draft === undefined || applied.current === search) return;
    // Once: the draft that comes of it is for the user to change.
    applied.current = search;
    draftStore.set(withPreset(draft, preset, { sources, types }));
    void navigate(vmWizardHref(), { replace: true });
  }, [search, isReady, draft, sources, types, navigate]);
  const isNew = draft === undefined && isReady && parseDraftLink(hash) === undefined;
  // The first values depend on what the cluster has; then the browser keeps them.
  useEffect(() => {
    if (!isNew) return;
    const namespace = asked ?? suggestProject(projects.names ?? []);
    draftStore.set(
      firstDraft(suggestName(Math.random), namespace, { first, bytes: claim.bytes, types }),
    );
  });
  return (
    <>
      <DocumentTitle>{t('Create virtual machine')}</DocumentTitle>
      <PageSection hasBodyWrapper={false}>
        <Title headingLevel="h1">{t('Create virtual machine')}</Title>
      </PageSection>
      <PageSection hasBodyWrapper={false} isFilled>
        {draft === undefined || !isReady ? (
          <LoadingState label={t('Loading the boot sources')} />
        ) : (
          <VmWizard draft={draft} projects={projects.names} sources={sources} types={types} />
        )}
      </PageSection>
      <Suspense fallback={null}>
        <RecentTasks namespace={draft?.namespace || undefined} />
      </Suspense>
      <DialogHost />
      <ToastHost label={t('Messages')} closeLabel={t('Close')} />
    </>
  );
}

interface Known {
  first: BootSourceRow | undefined;
  bytes: number | undefined;
  types: InstanceTypes;
}

/** A VM of the first boot source, with what suits it. */
function firstDraft(name: string, namespace: string, { first, bytes, types }: Known): VmDraft {
  const draft = newDraft(name, namespace);
  if (!first) return draft;
  const { disk, memory } = suggestSizes({ bytes, memoryBytes: first.memoryBytes });
  const type = suggestType(first, types.types);
  const source = { kind: 'dataSource' as const, namespace: first.namespace, name: first.name };
  return {
    ...draft,
    disks: [{ ...diskDraft(rootDisk, source), size: disk }],
    compute:
      type !== ''
        ? { kind: 'instancetype', type: parseTypeKey(type) }
        : { ...customCompute, memory },
    preference: first.preference === '' ? undefined : parseTypeKey(first.preference),
  };
}
