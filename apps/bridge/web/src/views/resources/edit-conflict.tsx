import { Button } from '../../ui/button';
import { Card } from '../../ui/page';
import { TextDiff } from './text-diff';

interface EditConflictProps {
  /** What both began with. */
  readonly base: string;
  readonly mine: string;
  /** What somebody else has saved meanwhile. */
  readonly theirs: string;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
}

/** Two people have changed a file: what the other one did, what would become of it, and a decision. Nothing is lost before it. */
export function EditConflict({ base, mine, theirs, onKeepMine, onTakeTheirs }: EditConflictProps) {
  return (
    <Card>
      <h2>The file was changed meanwhile</h2>
      <h3>What the other change did</h3>
      <TextDiff label="The other change" before={base} after={theirs} />
      <h3>What saving yours would do to it</h3>
      <TextDiff label="Yours against the other change" before={theirs} after={mine} />
      <p>Your text above is as you wrote it: bring the other change into it and save yours, or take the other one.</p>
      <div className="row">
        <Button onClick={onKeepMine}>Save mine over it</Button>
        <Button onClick={onTakeTheirs}>Take the other one, discard mine</Button>
      </div>
    </Card>
  );
}

/** Somebody else has deleted the file while it was changed here. */
export function DeletedMeanwhile({ onWriteAnew }: { readonly onWriteAnew: () => void }) {
  return (
    <Card>
      <h2>The file was deleted meanwhile</h2>
      <p>Your text above is as you wrote it.</p>
      <div>
        <Button onClick={onWriteAnew}>Write the file anew</Button>
      </div>
    </Card>
  );
}
