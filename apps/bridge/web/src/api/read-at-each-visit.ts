/** For what no event tells of: it is read whenever somebody comes to the view, and back to the window. */
export const readAtEachVisit = { staleTime: 0, refetchOnWindowFocus: true };
