#!/usr/bin/python3
"""Makes resources/samples/words: 10,000 English words as vectors of 100 dimensions.

Run by hand, not by the build:  scripts/make_words_sample.py [--check]
Needs Debian's python3-numpy, python3-scipy and wordnet-base (WordNet 3.0). Nothing comes from the
web, and the same packages give the same bytes.

How. A word's contexts are the words of its glosses and the lemmas related to it (synonyms,
hypernyms, hyponyms, holonyms, derivations), each sense weighted by how often it was met in tagged text.
Counts become positive pointwise mutual information with the context distribution raised to 0.75
(Levy, Goldberg and Dagan 2015, "Improving distributional similarity with lessons learned from word
embeddings"), which a truncated SVD brings to 100 dimensions; rows are U * sqrt(S), of unit length.
The glosses themselves do not go into the sample.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one order of summation: the same bytes

import argparse
import collections
import json
import pathlib
import re

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

WORDNET = pathlib.Path("/usr/share/wordnet")
OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "samples" / "words"
WORDS = 10_000
DIMENSIONS = 100
SMOOTHING = 0.75

PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
PART_NAMES = {"n": "noun", "v": "verb", "a": "adjective", "r": "adverb"}
# The lexicographer files by number: lexnames(5WN).
FIELDS = """adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute
noun.body noun.cognition noun.communication noun.event noun.feeling noun.food noun.group
noun.location noun.motive noun.object noun.person noun.phenomenon noun.plant noun.possession
noun.process noun.quantity noun.relation noun.shape noun.state noun.substance noun.time verb.body
verb.change verb.cognition verb.communication verb.competition verb.consumption verb.contact
verb.creation verb.emotion verb.motion verb.perception verb.possession verb.social verb.stative
verb.weather adj.ppl""".split()

# How much a related lemma counts, by pointer symbol (wninput(5WN)); a gloss word counts 1.
RELATIONS = {
    "@": 1.5,  # hypernym
    "~": 1.0,  # hyponym
    "#m": 1.0, "#s": 1.0, "#p": 1.0,  # holonyms
    "+": 2.5,  # derivation
    "&": 1.5,  # similar adjective
    "\\": 2.5,  # pertains to
}
SYNONYM = 2.0
EXAMPLE_WORD = 0.25  # a word of an example sentence rather than of the definition
GLOSS_OF_HYPERNYM = 0.3  # a gloss word of the synset above
BESIDE = 0.1  # two words of the same gloss
SIBLING = 0.5  # hyponyms of the same hypernym share it as a context of its own

STOP = set("""a an the of or and in on at to for from by with without into as is are was were be been
being that which who whom whose this these those it its he she they them his her their not no nor but if
than then so such some any each every all both either neither one two other another same own very more
most less least much many few can could may might must shall should will would do does did done doing
has have had having having there here where when while how what why about above after again against
before below between during over under up down out off only also just even too i you we us our your my
me him up etc usually especially often used use using use make made makes having something someone
somebody one's oneself e.g i.e quality state act way person part kind type form relating characterized
pertaining resulting certain consisting containing""".split())


def read_synsets():
    """Every synset: its lemmas, field, pointers and the words of its gloss."""
    synsets = {}
    for part, letter in PARTS.items():
        for line in (WORDNET / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  "):
                continue
            data, gloss = line.split("|", 1)
            cells = data.split()
            count = int(cells[3], 16)
            lemmas = [re.sub(r"\(\w+\)$", "", cells[4 + 2 * i]) for i in range(count)]
            at = 4 + 2 * count
            pointers = []
            for i in range(int(cells[at])):
                symbol, offset, pos, ends = cells[at + 1 + 4 * i : at + 5 + 4 * i]
                pointers.append((symbol, (pos.replace("s", "a"), offset), ends))
            examples = " ".join(re.findall(r'"([^"]*)"', gloss))
            definition = re.sub(r'"[^"]*"?', " ", gloss)
            synsets[letter, cells[0]] = {
                "lemmas": lemmas,
                "field": FIELDS[int(cells[1])],
                "pointers": pointers,
                "definition": re.findall(r"[a-z]+", definition.lower()),
                "examples": re.findall(r"[a-z]+", examples.lower()),
            }
    return synsets


def read_tag_counts():
    """How often each sense stands in WordNet's tagged texts: (lemma, part, sense number)."""
    counts = {}
    parts = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    for line in (WORDNET / "cntlist.rev").read_text("latin-1").splitlines():
        key, number, count = line.split()
        lemma, rest = key.split("%", 1)
        counts[lemma, parts[rest[0]], int(number)] = int(count)
    return counts


def read_senses():
    """The synsets of each lemma, in WordNet's order, which is by frequency within a part of speech."""
    senses = collections.defaultdict(list)
    for part, letter in PARTS.items():
        for line in (WORDNET / f"index.{part}").read_text("latin-1").splitlines():
            if line.startswith("  "):
                continue
            cells = line.split()
            offsets = cells[-int(cells[2]) :]
            for number, offset in enumerate(offsets, start=1):
                senses[cells[0]].append((letter, number, (letter, offset)))
    return senses


def read_exceptions():
    """Irregular forms: mice -> mouse."""
    forms = {}
    for part in PARTS:
        for line in (WORDNET / f"{part}.exc").read_text("latin-1").splitlines():
            form, *bases = line.split()
            if bases:
                forms.setdefault(form, bases[0])
    return forms


def make_base_form(senses, exceptions):
    """WordNet's morphology (morphy(7WN)), for gloss words: the first base form that is a lemma."""
    endings = [("ies", "y"), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"),
               ("men", "man"), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e")]
    cache = {}

    def base_form(word):
        if word not in cache:
            found = None
            if word in exceptions:
                found = exceptions[word]
            elif word in senses:
                found = word
            else:
                for ending, replacement in endings:
                    base = word[: -len(ending)] + replacement
                    if word.endswith(ending) and base in senses:
                        found = base
                        break
            cache[word] = found
        return cache[word]

    return base_form


def choose_words(senses, synsets, tags, base_form):
    """The most frequent single lower-case words: by tagged senses, then by use in glosses."""
    in_glosses = collections.Counter()
    for synset in synsets.values():
        in_glosses.update(filter(None, (base_form(w) for w in synset["definition"])))
    proper = {s for s in senses}
    for synset in synsets.values():
        for lemma in synset["lemmas"]:
            if lemma == lemma.lower():
                proper.discard(lemma)
    score = {}
    for lemma, its in senses.items():
        if not re.fullmatch(r"[a-z]{3,}", lemma) or lemma in STOP or lemma in proper:
            continue
        tagged = sum(tags.get((lemma, part, number), 0) for part, number, _ in its)
        score[lemma] = 2 * tagged + in_glosses[lemma] + 0.5 * len(its)
    return sorted(sorted(score, key=lambda w: (-score[w], w))[:WORDS])


def count_contexts(words, senses, synsets, tags, base_form):
    """words x contexts: how much each context stands with each word."""
    row_of = {w: i for i, w in enumerate(words)}
    column_of = {}
    cells = collections.Counter()

    def add(row, context, weight):
        cells[row, column_of.setdefault(context, len(column_of))] += weight

    contexts = {}
    for key, synset in synsets.items():
        bag = collections.Counter()
        for source, weight in (("definition", 1.0), ("examples", EXAMPLE_WORD)):
            for word in synset[source]:
                base = base_form(word)
                if base and base not in STOP and len(base) > 2:
                    bag[base] += weight
        contexts[key] = bag

    for key, synset in synsets.items():
        if any(symbol == "@i" for symbol, _, _ in synset["pointers"]):
            continue  # a single person, place or event: "king" is no closer to each king's deeds
        members = [lemma.lower() for lemma in synset["lemmas"]]
        bag = collections.Counter(contexts[key])
        for lemma in members:
            bag[lemma] += SYNONYM
        lexical = collections.defaultdict(collections.Counter)
        for symbol, target, ends in synset["pointers"]:
            weight = RELATIONS.get(symbol)
            if weight is None:
                continue
            other = [lemma.lower() for lemma in synsets[target]["lemmas"]]
            if ends == "0000":
                for lemma in other:
                    bag[lemma] += weight
                if symbol == "@":
                    bag["^" + target[0] + target[1]] += SIBLING
                    for word, amount in contexts[target].items():
                        bag[word] += GLOSS_OF_HYPERNYM * amount
            else:
                source, destination = int(ends[:2], 16) - 1, int(ends[2:], 16) - 1
                lexical[source][other[destination]] += weight
                for word, amount in contexts[target].items():
                    lexical[source][word] += GLOSS_OF_HYPERNYM * amount
        for position, lemma in enumerate(members):
            share = sense_share(lemma, key, senses, tags)
            row = row_of.get(lemma)
            if row is None:
                continue
            for context, weight in (bag + lexical[position]).items():
                if context != lemma:
                    add(row, context, share * weight)
        # The other way round: a word stands with the lemmas that it explains, and with what
        # stands beside it in the gloss.
        for word, amount in contexts[key].items():
            row = row_of.get(word)
            if row is None:
                continue
            for lemma in members:
                if lemma != word:
                    add(row, lemma, amount * sense_share(lemma, key, senses, tags))
            for other, beside in contexts[key].items():
                if other != word:
                    add(row, other, BESIDE * min(amount, beside))
    rows, columns = zip(*cells)
    return scipy.sparse.csr_matrix(
        (list(cells.values()), (rows, columns)), shape=(len(words), len(column_of)))


def sense_share(lemma, key, senses, tags):
    """How much this sense of the lemma counts: common senses more, every sense a little."""
    if lemma not in SHARES:
        SHARES[lemma] = shares(lemma, senses, tags)
    return SHARES[lemma].get(key, 0.0)


SHARES = {}


def shares(lemma, senses, tags):
    amounts = {key: 1.0 / number + tags.get((lemma, part, number), 0)
               for part, number, key in senses.get(lemma, [])}
    total = sum(amounts.values())
    return {key: amount / total for key, amount in amounts.items()}


def embed(counts):
    """Positive pointwise mutual information, then truncated SVD."""
    common = np.asarray((counts > 0).sum(axis=0)).ravel() >= 2
    counts = counts[:, common].astype(np.float64)
    by_word = np.asarray(counts.sum(axis=1)).ravel()
    by_context = np.asarray(counts.sum(axis=0)).ravel() ** SMOOTHING
    by_context /= by_context.sum()
    pmi = counts.tocoo()
    pmi.data = np.log(pmi.data / (by_word[pmi.row] * by_context[pmi.col]))
    pmi.data = np.maximum(pmi.data, 0)
    pmi = pmi.tocsr()
    pmi.eliminate_zeros()
    start = np.random.RandomState(0).standard_normal(min(pmi.shape))
    u, s, _ = scipy.sparse.linalg.svds(pmi, k=DIMENSIONS, v0=start, solver="arpack")
    order = np.argsort(-s)
    u, s = u[:, order], s[order]
    u *= np.sign(u[np.abs(u).argmax(axis=0), np.arange(DIMENSIONS)])  # the sign is free: fix it
    vectors = u * np.sqrt(s)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def describe(words, senses, synsets, tags):
    """Field and part of speech of the commonest sense of each word."""
    rows = []
    for word in words:
        best = max(senses[word], key=lambda s: (tags.get((word, s[0], s[1]), 0), -s[1], -"nvar".index(s[0])))
        rows.append((word, synsets[best[2]]["field"], PART_NAMES[best[0]]))
    return rows


def print_neighbors(words, vectors):
    row_of = {w: i for i, w in enumerate(words)}
    for word in ("music", "doctor", "king", "dog", "red", "run", "river", "bread", "happy", "engine"):
        values = vectors @ vectors[row_of[word]]
        nearest = [i for i in np.argsort(-values) if words[i] != word][:20]
        print(f"{word}: " + " ".join(words[i] for i in nearest[:10]) + "  |  "
              + " ".join(words[i] for i in nearest[10:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="print neighbours, write nothing")
    arguments = parser.parse_args()

    synsets, tags, senses = read_synsets(), read_tag_counts(), read_senses()
    base_form = make_base_form(senses, read_exceptions())
    words = choose_words(senses, synsets, tags, base_form)
    vectors = embed(count_contexts(words, senses, synsets, tags, base_form))
    vectors = vectors.astype("<f2")
    print_neighbors(words, vectors.astype(np.float32))
    if arguments.check:
        return

    OUT.mkdir(parents=True, exist_ok=True)
    np.save(OUT / "words.npy", vectors)
    with open(OUT / "words.tsv", "w", encoding="utf-8", newline="\n") as out:
        out.write("word\tfield\tpart of speech\n")
        for row in describe(words, senses, synsets, tags):
            out.write("\t".join(row) + "\n")
    config = {"embeddings": [{
        "tensorName": "Words",
        "tensorShape": list(vectors.shape),
        "tensorPath": "words.npy",
        "metadataPath": "words.tsv",
    }]}
    (OUT / "words.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
