import { BadRequest } from '@keptn/service-kit';

/** Contract 4.10: what the view cannot note, such as an event of a whole project. */
export class EventRefused extends BadRequest {}
