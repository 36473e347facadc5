const { initModels } = require("dynamo-bao");
const { story } = require("./story.js");
//> before.js
story(models.models).then((told) => console.log(JSON.stringify(told)));
