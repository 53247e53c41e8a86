/** Someone with a browser before the real house. Rule: does what people do, with what they see; the site's own policy holds. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { PATIENCE } from './house.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'];
const SHOTS = new URL('../../../build/screenshots/', import.meta.url).pathname;
/** What a browser says of a connection that is broken on purpose. */
const EXPECTED = /ERR_(?:CONNECTION|EMPTY|SOCKET)|WebSocket connection|closed before a response/u;

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

export class Visitor {
  troubles = [];

  /** @param {import('playwright-core').Browser} browser */
  static async arrives(browser, url, { width = 1280, height = 800, scheme = 'light', ...more } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, ...(width < 700 ? { hasTouch: true, isMobile: true } : {}), ...more });
    const visitor = new Visitor();
    visitor.context = context;
    await visitor.opens(url);
    return visitor;
  }

  /** Another device of the same person is another visitor; another page of the same browser is this. */
  async opens(url) {
    const page = await this.context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on('console', (message) => message.type() === 'error' && !EXPECTED.test(message.text()) && this.troubles.push(`${message.text()} at ${message.location().url}`));
    page.on('pageerror', (error) => this.troubles.push(error.stack || `${error.name}: ${error.message}`));
    page.on('dialog', (dialog) => { this.troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
    await page.goto(url);
    this.page = page;
    return page;
  }

  /** Comes in by the door: as a guest, or with a password, on an account. */
  async enters(nick, { password = '', way = password ? 'login' : 'guest', remember = false } = {}) {
    const { page } = this;
    await page.locator('#nick').waitFor();
    await page.locator(`label:has([value=${way}])`).click();
    await page.fill('#nick', nick);
    if (password) await page.fill('#password', password);
    if (remember) await page.locator('label.check').click();
    await page.click('button.primary');
    await this.isIn();
    return this;
  }

  async isIn() {
    await this.page.locator('#write:enabled').waitFor();
    await this.page.locator('.above').filter({ hasNotText: 'One moment' }).waitFor({ state: 'attached' });
  }

  /** Write something, as by hand. */
  async says(text) {
    await this.page.fill('#write', text);
    if (text.startsWith('/')) await this.page.keyboard.press('Escape'); // no suggestion is wanted
    await this.page.locator('#write').press('Enter');
  }

  /** A line of the conversation with this text. */
  line(text) {
    return this.page.locator('.scroller [data-id]', { hasText: text });
  }

  async sees(text) {
    await this.page.locator('.scroller').getByText(text).first().waitFor();
  }

  /** Do something with a line, by the buttons that come when one points to it. */
  async does(what, text) {
    const line = this.line(text).last();
    await line.hover();
    await line.getByRole('button', { name: what }).click();
  }

  /** Go to a room or a conversation in the list. */
  async goes(name) {
    await this.place(name).click();
    await this.page.locator('#bar h1', { hasText: name }).waitFor();
  }

  place(name) {
    return this.page.locator('.place', { has: this.page.locator('.name', { hasText: new RegExp(`^${name}$`, 'u') }) });
  }

  /** Someone's menu, and one entry of it. */
  async menu(nick, entry) {
    await this.member(nick).click();
    await this.page.locator('dialog[open]').getByRole('button', { name: entry, exact: true }).click();
  }

  member(nick) {
    return this.page.locator('.member', { has: this.page.locator('.name', { hasText: new RegExp(`^${nick}$`, 'u') }) });
  }

  /** The texts of the lines that match, in their order. */
  async texts(pattern) {
    const all = await this.page.locator('.scroller [data-id] .text').allTextContents();
    return all.filter((text) => pattern.test(text));
  }

  /** Keep a picture, under build/screenshots. */
  async shows(name) {
    await mkdir(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}${name}.png` });
  }

  /** Nothing went wrong on any page of theirs. */
  async leaves(expected = null) {
    await this.context.close();
    assert.deepEqual(this.troubles.filter((each) => !expected?.test(each)), []);
  }
}
