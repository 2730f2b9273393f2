/**
 * How the search ranks pages: by the best of their headings and their file's name, not by whether any heading has any of the words.
 *
 * Sphinx gives 15 points to every page that has one word of the query in one of its headings. Here all the words in one
 * heading are worth more than some, and a heading that says little else more than a long one. A definition in the glossary
 * stands below a page on its very subject, above the rest.
 */
var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,

  /** The stems of a text's words, stop words left aside. */
  stems(text) {
    const stemmer = new Stemmer();
    const words = splitQuery(text.replaceAll("_", " ").toLowerCase()).filter((word) => !stopwords.includes(word));
    return new Set(words.map((word) => stemmer.stemWord(word)));
  },

  /** 0 to 20: how far the words of the query make up a heading. */
  likeness(query, heading) {
    const stems = Scorer.stems(heading);
    const found = [...query].filter((stem) => stems.has(stem)).length;
    if (!found) return 0;
    return found < query.size ? (6 * found) / query.size : 10 + (10 * found) / stems.size;
  },

  score([docname, title, anchor, , score]) {
    const query = Scorer.stems(new URLSearchParams(location.search).get("q") ?? "");
    const { docnames, titles, alltitles } = Search._index;
    const page = docnames.indexOf(docname);
    if (!anchor && title.includes(" > ")) return 0;  // the page itself is listed without its number, too
    const plain = (text) => text.replace(/<[^>]*>/g, " ");
    if (anchor.startsWith("#term-")) return score / 6;  // 100 is the term itself
    if (anchor) return Scorer.likeness(query, plain(title.split(" > ").pop())) + 4;
    const headings = Object.entries(alltitles).filter(([, places]) => places.some(([file]) => file === page));
    const best = Math.max(0, ...headings.map(([heading]) => Scorer.likeness(query, plain(heading))));
    const own = [plain(titles[page]).replace(/^\s*\d+\.\s/, ""), docname.split("/").pop()].map((name) => Scorer.likeness(query, name));
    return 5 + Math.max(best, 1.5 * Math.max(...own));
  },
};
