const { fields } = require("dynamo-bao");

class OwnerField extends fields.RelatedFieldClass {}

module.exports = { OwnerField };
