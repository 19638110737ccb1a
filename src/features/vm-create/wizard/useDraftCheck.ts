import { useEffect, useState } from 'react';

import { createDryRun, objectText, type Refusal } from '~/api/createAll';
import { usePrimaryNetwork } from '~/api/networks';
import { missingReferences } from '~/api/references';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import {
  draftProblems,
  primaryNetworkProblems,
  type Problem,
} from '~/kubevirt/create/draftProblems';
import {
  draftReferences,
  type Reference,
  referenceProblem,
} from '~/kubevirt/create/draftReferences';
import { failureProblems } from '~/kubevirt/create/failureProblems';
import type { VmDraft } from '~/kubevirt/create/vmDraft';

/** After the last key press; each check is a request for each object. */
const QUIET_MS = 700;

export interface DraftCheck {
  problems: readonly Problem[];
  /** The server is being asked. */
  isChecking: boolean;
  /** What the server refuses, object by object. */
  refusals: readonly Refusal[];
  /** Asks the server anew, about the same. */
  again: () => void;
}

interface Answer {
  asked: string;
  refusals: readonly Refusal[];
  missing: readonly Reference[];
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/**
 * What keeps a draft from being created: what can be seen here, and when that is nothing, what a dry
 * run on the server says, of access, quota and admission too, and which of the objects that it names
 * are not there.
 */
export function useDraftCheck(draft: VmDraft): DraftCheck {
  const primary = usePrimaryNetwork(draft.namespace);
  const local = [...draftProblems(draft), ...primaryNetworkProblems(draft, primary)];
  const [round, setRound] = useState(0);
  const json = local.length === 0 ? JSON.stringify(draft) : '';
  const asked = json === '' ? '' : `${round} ${json}`;
  const [answer, setAnswer] = useState<Answer>();
  // Asks the server once nothing has been typed for a moment.
  useEffect(() => {
    if (json === '') return;
    const { signal, abort } = abortable();
    const timer = setTimeout(() => {
      // The text is ours, of a moment ago.
      const typed = JSON.parse(json) as VmDraft;
      void Promise.all([
        createDryRun(draftObjects(typed), signal),
        missingReferences(draftReferences(typed), signal),
      ]).then(([refusals, missing]) => {
        if (!signal.aborted) setAnswer({ asked, refusals, missing });
      });
    }, QUIET_MS);
    return () => {
      abort();
      clearTimeout(timer);
    };
  }, [asked, json]);
  const again = () => setRound((before) => before + 1);
  if (local.length > 0) return { problems: local, isChecking: false, refusals: [], again };
  if (answer?.asked !== asked) return { problems: [], isChecking: true, refusals: [], again };
  const { refusals, missing } = answer;
  const refused = refusals.flatMap(({ object, failure }) =>
    failureProblems(failure, object.model.kind).map((problem) =>
      // Where nothing else says what it is about.
      problem.field === ''
        ? { ...problem, text: `${objectText(object)}: ${problem.text}` }
        : problem,
    ),
  );
  // The server's own words about a field, or a project that is not there, leave nothing to add.
  const isSaid = ({ field }: Problem) =>
    refused.some((one) => one.field === field || one.field === 'namespace');
  const added = missing.map(referenceProblem).filter((problem) => !isSaid(problem));
  return { problems: [...refused, ...added], isChecking: false, refusals, again };
}
