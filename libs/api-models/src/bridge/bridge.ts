import { getBridgeInfo } from './bridge-info';
import { getSession, signIn, signOut } from './session';
import { beginSignIn, finishSignIn } from './sign-in';

/** The routes of the Bridge itself; everything else below its `/api` is the public API. */
export const bridgeApi = { getBridgeInfo, getSession, signIn, signOut, beginSignIn, finishSignIn };
