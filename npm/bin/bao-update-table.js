#!/usr/bin/env node
import { baoUpdateTable, main } from "../dist/tools/index.js";

await main(baoUpdateTable);
