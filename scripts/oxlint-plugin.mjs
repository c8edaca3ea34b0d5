/** A lint rule of this project: what a module offers, it defines; nothing is handed on from another. */

/** @typedef {{ report(problem: { node: object, message: string }): void }} Context */

const noReExport = {
  meta: { type: 'problem', docs: {}, schema: [] },
  /** @param {Context} context */
  create(context) {
    /** @param {{ source?: object | null }} node */
    const check = (node) => {
      if (node.source) context.report({ node, message: 'Re-export: import from the defining module.' });
    };
    return { ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

export default { meta: { name: 'local' }, rules: { 'no-reexport': noReExport } };
