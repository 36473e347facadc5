#!/usr/bin/env node
import { baoRebuildSearchText, main } from "../dist/tools/index.js";

await main(baoRebuildSearchText);
