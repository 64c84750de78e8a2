import type { OpenApproval } from '@keptn/api-models';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { callShipyard } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { useMay } from '../../api/rights';
import { sessionQuery } from '../../api/session';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Image, shortImage } from '../../ui/image';
import { Failure, Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { Result } from '../../ui/status';
import { Time } from '../../ui/time';
import { approvalsQuery } from './approvals.queries';

interface ApprovalCardProps {
  readonly approval: OpenApproval;
  /** Whether it is among those that wait; otherwise the card shows what came of the decision. */
  readonly isOpen: boolean;
  /** Called when somebody decides here, before there is an answer. */
  readonly onDecide: () => void;
  readonly onDismiss: () => void;
}

/** One decision to make: what would go where, and how its evaluation ended. */
export function ApprovalCard({ approval, isOpen, onDecide, onDismiss }: ApprovalCardProps) {
  const { eventId, keptnContext, project, stage, service, image, result, since } = approval;
  const { data: session } = useQuery(sessionQuery);
  const decision = useMutation({
    mutationFn: (decided: 'failed' | 'pass') =>
      callShipyard('POST /v1/approval/{eventId}', {
        parameters: { eventId },
        body: { result: decided, ...(session?.name !== undefined && { decidedBy: session.name }) },
      }),
    onMutate: onDecide,
    onSuccess: () => queryClient.invalidateQueries(approvalsQuery),
  });
  const release = `${service} to ${stage}${image === undefined ? '' : `, ${shortImage(image)}`}`;
  const mayDecide = useMay('event:write', { project });
  const isOver = decision.isSuccess || decision.error?.reason === 'APPROVAL_DECIDED';
  return (
    <Card>
      <h2 className="break">
        {service} to {stage} <span className="muted">in {project}</span>
      </h2>
      <div className="row">
        {image !== undefined && <Image reference={image} />}
        <span className="small">evaluated before:</span>
        <Result result={result} />
        <span className="muted small">
          asked <Time at={since} />
        </span>
        {result !== '' && (
          <Link className="small" to="/evaluation/$keptnContext" params={{ keptnContext }}>
            the evaluation
          </Link>
        )}
        <Link className="small" to="/run/$keptnContext" params={{ keptnContext }} search={{ event: eventId }}>
          the whole run
        </Link>
      </div>
      {decision.error !== null && <Failure error={decision.error} />}
      {decision.isSuccess && (
        <Notice kind="neutral">{decision.variables === 'pass' ? 'Approved.' : 'Declined.'}</Notice>
      )}
      {!isOver && mayDecide && (
        <div className="row">
          <Button
            look="main"
            disabled={decision.isPending}
            aria-label={`Approve ${release}`}
            onClick={() => {
              decision.mutate('pass');
            }}
          >
            Approve
          </Button>
          <Button
            disabled={decision.isPending}
            aria-label={`Decline ${release}`}
            onClick={() => {
              decision.mutate('failed');
            }}
          >
            Decline
          </Button>
        </div>
      )}
      {!isOpen && !decision.isPending && (
        <div>
          <Button aria-label={`Dismiss ${release}`} onClick={onDismiss}>
            Dismiss
          </Button>
        </div>
      )}
      <Code what={`command that approves ${release}`} text={commandLine('approve', [eventId])} />
      <Code what={`command that declines ${release}`} text={commandLine('decline', [eventId])} />
    </Card>
  );
}
