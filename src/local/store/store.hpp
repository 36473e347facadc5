#pragma once

// The helper that owns src/local designs this interface; this line only lets the header above parse.
namespace bao::local {
class Store;
}
