import type { EvaluationReport } from '@keptn/api-models';
import { Button } from '../../ui/button';
import { csvOf } from './csv';

/** The values that are shown, for a spreadsheet. */
export function CsvDownload({ evaluations }: { readonly evaluations: readonly EvaluationReport[] }) {
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([csvOf(evaluations)], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'evaluations.csv';
    link.click();
    URL.revokeObjectURL(url);
  };
  return <Button onClick={download}>Download as CSV</Button>;
}
