import { useEffect, useState } from 'react';

import { createDryRun, objectText, type Refusal } from '~/api/createAll';
import { draftObjects } from '~/kubevirt/create/draftObjects';
import { draftProblems, type Problem } from '~/kubevirt/create/draftProblems';
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
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/**
 * What keeps a draft from being created: what can be seen here, and when that is nothing, what a dry
 * run on the server says, of access, quota and admission too.
 */
export function useDraftCheck(draft: VmDraft): DraftCheck {
  const local = draftProblems(draft);
  const asked = local.length === 0 ? JSON.stringify(draft) : '';
  const [answer, setAnswer] = useState<{ asked: string; refusals: readonly Refusal[] }>();
  // Asks the server once nothing has been typed for a moment.
  useEffect(() => {
    if (asked === '') return;
    const { signal, abort } = abortable();
    const timer = setTimeout(() => {
      // The text is ours, of a moment ago.
      const objects = draftObjects(JSON.parse(asked) as VmDraft);
      void createDryRun(objects, signal).then((refusals) => {
        if (!signal.aborted) setAnswer({ asked, refusals });
      });
    }, QUIET_MS);
    return () => {
      abort();
      clearTimeout(timer);
    };
  }, [asked]);
  if (local.length > 0) return { problems: local, isChecking: false, refusals: [] };
  const isChecking = answer?.asked !== asked;
  const refusals = isChecking ? [] : answer.refusals;
  const problems = refusals.flatMap(({ object, failure }) =>
    failureProblems(failure, object.model.kind).map((problem) =>
      // Where nothing else says what it is about.
      problem.field === ''
        ? { ...problem, text: `${objectText(object)}: ${problem.text}` }
        : problem,
    ),
  );
  return { problems, isChecking, refusals };
}
