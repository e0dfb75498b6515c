#pragma once

#include <string>
#include <utility>
#include <vector>

namespace embedscope::test {

/// A small tokenizer of every kind: its name, and its bytes.
inline std::vector<std::pair<std::string, std::string>> tokenizerSamples()
{
    const std::string number(4, '\0');
    return {
        {"bpe.json",
            R"({"added_tokens": [{"id": 3, "content": "<s>", "special": true}], "pre_tokenizer":
            {"type": "ByteLevel"}, "model": {"type": "BPE", "vocab": {"a": 0, "Ġb": 1, "âĢ": 2},
            "merges": ["a b"]}})"},
        {"unigram.json",
            R"({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁a", -1.5]]}})"},
        {"vocab.json", R"({"a</w>": 0, "b": 1, "c</w>": 3})"},
        {"vocab.txt", "[PAD]\n[UNK]\n[unused0]\n##s\ndog\tx\n"},
        {"spiece.model",
            std::string("\x0a\x0c\x0a\x03") + "<s>" + '\x15' + number + "\x18\x03"
                + "\x0a\x08\x0a\x06" + "\xe2\x96\x81" + "the" + "\x12\x02\x08\x01"},
        {"tokenizer.bin",
            std::string("\x05\0\0\0", 4) + number + std::string("\x04\0\0\0", 4) + " the" + number
                + std::string("\x01\0\0\0", 4) + "x"},
        {"merges.txt", "\"bpe_simple_vocab_16e6.txt#version: 0.2\na b\nc d</w>\n"},
    };
}

} // namespace embedscope::test
