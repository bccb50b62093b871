import assert from 'node:assert/strict';
import { Project } from '../support/project.ts';
import { assistantWrites, pending, shown } from '../support/reports.ts';

/** Settings that change what git prints, or ask, page, colour and reorder. */
const settings: readonly [string, string][] = [
  ['diff.noprefix', 'true'],
  ['diff.mnemonicPrefix', 'true'],
  ['diff.algorithm', 'patience'],
  ['diff.renames', 'false'],
  ['diff.context', '12'],
  ['diff.interHunkContext', '9'],
  ['diff.external', 'false'],
  ['diff.orderFile', '/dev/null'],
  ['diff.relative', 'true'],
  ['diff.srcPrefix', 'x/'],
  ['diff.dstPrefix', 'y/'],
  ['diff.renameLimit', '1'],
  ['diff.indentHeuristic', 'false'],
  ['diff.suppressBlankEmpty', 'true'],
  ['diff.colorMoved', 'zebra'],
  ['diff.wsErrorHighlight', 'all'],
  ['diff.submodule', 'log'],
  ['diff.statGraphWidth', '3'],
  ['diff.js.algorithm', 'minimal'],
  ['core.whitespace', 'cr-at-eol'],
  ['core.commentChar', ';'],
  ['format.pretty', 'oneline'],
  ['log.mailmap', 'true'],
  ['log.follow', 'true'],
  ['log.decorate', 'full'],
  ['log.diffMerges', 'first-parent'],
  ['color.ui', 'always'],
  ['core.abbrev', '7'],
  ['core.quotePath', 'true'],
  ['core.pager', 'false'],
  ['log.showSignature', 'true'],
  ['log.date', 'relative'],
  ['log.showNotes', 'true'],
  ['status.short', 'true'],
  ['status.relativePaths', 'true'],
  ['status.showUntrackedFiles', 'no'],
  ['blame.showEmail', 'true'],
  ['blame.date', 'relative'],
  ['trailer.where', 'start'],
  ['trailer.ifexists', 'doNothing'],
  ['trailer.separators', '%'],
  ['notes.displayRef', 'refs/notes/*'],
  ['alias.log', '!false'],
  ['alias.diff-index', '!false'],
  ['alias.interpret-trailers', '!false'],
];

describe("the user's git settings", () => {
  it('change nothing of what is read or written', async () => {
    const project = await Project.create({ 'src/ä.txt': 'one\ntwo\nthree\nfour\nfive\nsix\n' });
    try {
      await project.countersignOutput('install', '--git');
      for (const [key, value] of settings) await project.git('config', key, value);
      await project.git('mv', 'src/ä.txt', 'src/ö.txt');
      await assistantWrites(project, { 'src/ö.txt': 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n', 'new.txt': 'new\n' });
      assert.deepEqual((await pending(project)).sort(), ['new.txt:1 ai', 'src/ö.txt:7 ai']);
      await project.git('add', '--all');
      await project.git('commit', '-qsm', 'Move and add');
      assert.deepEqual(await shown(project), ['new.txt:1 ai', 'src/ö.txt:7 ai']);
      const message = await project.git('show', '-s', '--no-show-signature', '--no-notes', '--format=%B', 'HEAD');
      assert.match(message, /Signed-off-by: .*\nAssisted-by: my-agent \(m-1\)\nAI-Lines: 2\/2 added, 0 reviewed\n/);
      assert.match(await project.countersignOutput('blame', 'src/ö.txt'), /ai\s+my-agent \(m-1\)\s+7 {2}seven/);
    } finally {
      await project.dispose();
    }
  });
});
