/** Notes how a run ended. @param exitCode `undefined` where it is not known: then there is nothing to note */
export type EndRun = (exitCode: number | undefined) => Promise<void>;
