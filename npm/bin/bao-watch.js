#!/usr/bin/env node
import { baoWatch, main } from "../dist/tools/index.js";

await main(baoWatch);
