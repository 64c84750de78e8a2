import type { OpenApproval } from '@keptn/api-models';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../ui/loaded';
import { NextPage } from '../../ui/next-page';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { ApprovalCard } from './approval-card';
import { approvalsQuery } from './approvals.queries';
import { type DecidedApprovals, withDecided } from './decided-here';

/** Everything that waits for a person to decide, in all projects, and what came of the decisions that were made here. */
export function ApprovalsView() {
  const query = useInfiniteQuery(approvalsQuery);
  return (
    <Page title="Approvals">
      <Loaded query={query}>{({ pages }) => <ApprovalList open={pages.flatMap((page) => page.approvals)} />}</Loaded>
      <NextPage query={query} label="More approvals" />
    </Page>
  );
}

function ApprovalList({ open }: { readonly open: readonly OpenApproval[] }) {
  const [decided, setDecided] = useState<DecidedApprovals>(new Map());
  const shown = withDecided(open, decided);
  if (shown.length === 0) {
    return <Notice kind="neutral">Nothing waits for a decision. A new approval appears here by itself.</Notice>;
  }
  return (
    <ul className="stack">
      {shown.map((approval, index) => (
        <li key={approval.eventId}>
          <ApprovalCard
            approval={approval}
            isOpen={open.includes(approval)}
            onDecide={() => {
              setDecided((before) => new Map(before).set(approval.eventId, { approval, index }));
            }}
            onDismiss={() => {
              setDecided((before) => new Map([...before].filter(([eventId]) => eventId !== approval.eventId)));
            }}
          />
        </li>
      ))}
    </ul>
  );
}
