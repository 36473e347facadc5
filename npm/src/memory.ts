/**
 * `import "dynamo-bao/memory"` makes endpoint `memory:` work where bundles leave the embedded engine out for their size: in
 * production bundles of Workers, and in browsers. Import it before what calls initModels. In Node it is not needed.
 */
export {};
