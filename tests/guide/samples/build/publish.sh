npm install -g wrangler
wrangler publish
