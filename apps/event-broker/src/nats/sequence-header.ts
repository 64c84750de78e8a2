/** Header of what is published here: the number of the event in the log. */
export const SEQUENCE_HEADER = 'Keptn-Sequence';
