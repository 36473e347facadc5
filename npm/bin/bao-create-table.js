#!/usr/bin/env node
import { baoCreateTable, main } from "../dist/tools/index.js";

await main(baoCreateTable);
