// Which server has a resource: by what it has listed, else by the template that fits best.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  MAX_RESOURCES,
  MAX_URI_CHARS,
  ResourceDirectory,
} from "../../../lib/backends/aggregate/resource_directory.ts";
import { uriTemplate } from "../../../lib/backends/aggregate/uri_template.ts";
import { Memory } from "../../../lib/channel/memory.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";

const MIB = 1024 * 1024;

function fixture() {
  const lines: LogLine[] = [];
  return {
    lines,
    resources: new ResourceDirectory(new Memory(MIB), logInto(lines)),
  };
}

describe("a resource", () => {
  it("belongs to the first server that has listed it", () => {
    const { resources, lines } = fixture();
    assert.equal(resources.noteResource("file:///a", "one"), true);
    assert.equal(resources.noteResource("file:///a", "two"), false);
    assert.equal(resources.noteResource("file:///a", "one"), true);
    assert.equal(resources.find("file:///a"), "one");
    assert.deepEqual(lines, [{
      level: "WARN",
      msg: "Resources hidden at the root endpoint",
      server: "two",
      kept_by: "one",
    }]);
  });

  it("that nobody has listed belongs to the template with most letters that fits", () => {
    const { resources } = fixture();
    resources.noteTemplate("db://{table}", "wide");
    resources.noteTemplate("db://users/{id}", "narrow");
    assert.equal(resources.find("db://users/7"), "narrow");
    assert.equal(resources.find("db://orders/7"), "wide");
    assert.equal(resources.find("file:///a"), undefined);
  });

  it("that a server has pointed to belongs to it, unless one lists it", () => {
    const { resources } = fixture();
    resources.noteTemplate("db://{table}", "wide");
    resources.noteLink("db://7", "pointing");
    assert.equal(resources.find("db://7"), "pointing");
    resources.noteResource("db://7", "listing");
    assert.equal(resources.find("db://7"), "listing");
  });

  it("is not shown where it could not be found again, and the log says so once", () => {
    const { resources, lines } = fixture();
    const long = `a://${"x".repeat(MAX_URI_CHARS)}`;
    assert.equal(resources.noteResource(long, "one"), false);
    assert.equal(resources.noteResource(`${long}y`, "one"), false);
    assert.deepEqual(lines, [{
      level: "WARN",
      msg: "Too much for the root endpoint",
      server: "one",
      kind: "resources",
    }]);
  });

  it("of one server is shown however many another has", () => {
    const resources = new ResourceDirectory(new Memory(64 * MIB), logInto([]));
    for (let count = 0; count <= MAX_RESOURCES; count++) {
      resources.noteResource(`a://${count}`, "many");
    }
    assert.equal(resources.noteResource(`a://${MAX_RESOURCES}`, "many"), false);
    assert.equal(resources.noteResource("b://1", "few"), true);
    assert.equal(resources.find("b://1"), "few");
  });

  it("can be named by the template itself, as completions do", () => {
    const { resources } = fixture();
    resources.noteTemplate("db://{table}", "one");
    assert.equal(resources.find("db://{table}"), "one");
  });
});

describe("a template", () => {
  it("fits where its literal parts stand in this order", () => {
    const template = uriTemplate("a://{x}/b/{y}.md");
    assert.equal(template.fits("a://1/b/2.md"), true);
    assert.equal(template.fits("a://1/2/b/3/4.md"), true);
    assert.equal(template.fits("a://1/b/2.txt"), false);
    assert.equal(template.fits("b://1/b/2.md"), false);
    assert.equal(template.fits("a://1/b.md"), false);
  });

  it("does not use a letter twice", () => {
    assert.equal(uriTemplate("aba{x}aba").fits("ababa"), false);
    assert.equal(uriTemplate("aba{x}aba").fits("abaaba"), true);
  });

  it("without an expression fits itself", () => {
    assert.equal(uriTemplate("a://b").fits("a://b"), true);
    assert.equal(uriTemplate("a://b").fits("a://bc"), false);
  });
});
