/** For what no event tells of: it is read whenever somebody comes to the view. */
export const readAtEachVisit = { staleTime: 0 };
