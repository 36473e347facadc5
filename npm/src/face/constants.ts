export const GSI_INDEX_ID1 = "gsi1";
export const GSI_INDEX_ID2 = "gsi2";
export const GSI_INDEX_ID3 = "gsi3";
export const GSI_INDEX_ID4 = "gsi4";
export const GSI_INDEX_ID5 = "gsi5";

export const ITERATION_INDEX_NAME = "iter_index";
export const ITERATION_SEARCH_INDEX_NAME = "iter_search_index";
export const ITERATION_PK_FIELD = "_iter_pk";
export const ITERATION_SK_FIELD = "_iter_sk";

export const UNIQUE_CONSTRAINT_ID1 = "_uc1";
export const UNIQUE_CONSTRAINT_ID2 = "_uc2";
export const UNIQUE_CONSTRAINT_ID3 = "_uc3";
export const UNIQUE_CONSTRAINT_KEY = "_raft_uc";

/** Attributes of a row that are no fields of its model. */
export const SYSTEM_FIELDS = [
  "_pk",
  "_sk",
  "_gsi1_pk",
  "_gsi1_sk",
  "_gsi2_pk",
  "_gsi2_sk",
  "_gsi3_pk",
  "_gsi3_sk",
  "_gsi4_pk",
  "_gsi4_sk",
  "_gsi5_pk",
  "_gsi5_sk",
  "_iter_pk",
  "_iter_sk",
] as const;
