import { allowance, serversBack } from "../allowance.js";
import type { Drill } from "../drill.js";
import { noMove, telling } from "../expectation.js";
import { everyController } from "../fault/controllers.js";
import { aService } from "../needs.js";

const lasts = 6_000;

export const controllersDead: Drill = {
  name: "controllers-dead",
  summary: "every controller dies, and all of them come back",
  why: "No other node could do better: the virtual IPs stay, whoever connects is refused, and is served as soon as the first controller is.",
  needs: aService,
  fault: everyController,
  lasts,
  expect(cluster) {
    const back = lasts + serversBack(cluster);
    const service = cluster.services[0]?.name ?? "";
    return telling(
      {
        ...noMove,
        serviceOutageAtMost: back + allowance.greeting,
        sessionsLostAtMost: null,
        sessionsBackWithin: back + allowance.greeting + allowance.lostRequest + allowance.reconnect,
      },
      "server",
      `of ${service} is down`,
    );
  },
  watch: () => 1_000,
  deadline: 60_000,
  safe: false,
};
