import { connect } from "node:net";

// `ADDRESS PORT SESSIONS PER_SECOND SOURCE...`: short sessions at a steady pace, from the addresses in turn. Each says its
// number, hears it again and ends. Says one line of JSON a second, and a last one: how many went well, and why others did not.
const [host, port, sessions, perSecond, ...sources] = process.argv.slice(2);
const [wanted, pace] = [Number(sessions), Number(perSecond)];
const patience = 10_000;

let [begun, well] = [0, 0];
const failures = {};
const say = () => process.stdout.write(`${JSON.stringify({ begun, well, failures })}\n`);
const fail = (why) => {
  failures[why] = (failures[why] ?? 0) + 1;
};

function open(number) {
  const word = `${number}\n`;
  let heard = "";
  let why = "ended before it answered";
  const localAddress = sources[number % sources.length];
  const socket = connect({ host, port: Number(port), localAddress }, () => socket.write(word));
  socket.setTimeout(patience, () => {
    why = heard === "" ? "silence" : "half an answer";
    socket.destroy();
  });
  socket.on("data", (piece) => {
    heard += piece;
    if (heard.length >= word.length) socket.end();
  });
  socket.on("error", ({ code, syscall }) => {
    why = `${code} at ${syscall}`;
  });
  socket.on("close", (broken) => {
    if (!broken && heard === word) well += 1;
    else fail(why);
    if (begun === wanted && well + Object.values(failures).reduce((sum, each) => sum + each, 0) === wanted) {
      say();
      process.exit();
    }
  });
}

const since = performance.now();
const pacing = setInterval(() => {
  const due = Math.min(wanted, ((performance.now() - since) * pace) / 1_000);
  while (begun < due) open(begun++);
  if (begun === wanted) clearInterval(pacing);
}, 2);
setInterval(say, 1_000);
