# Debian, not Alpine: the Temporal SDK core needs glibc. Node 24 is the newest LTS the SDK supports.
FROM node:24.21.0-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY activities activities
COPY config config
COPY src src
COPY workflows workflows
# Only templates and pages remain in src; the compiled program reads them there. The chmod makes files readable for
# the image's user even if the clone was made with a strict umask.
RUN node src/cli/prepare.mjs \
  && find src -name '*.ts' -delete \
  && chmod -R a+rX package.json config dist src

FROM build AS production-packages
# The SDK contains its core for every platform, about 30 MB each.
RUN npm prune --omit=dev \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

# The WhatsApp stand-in with phone and mailbox pages. It needs development packages.
FROM base AS dev-sandbox
COPY --from=build /app/package.json package.json
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src src
RUN mkdir /data && chown node:node /data
USER 1000:1000
EXPOSE 3001 1025
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["sandbox"]

FROM base AS production
COPY --from=build /app/package.json package.json
COPY --from=production-packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src/cli/admin src/cli/admin
COPY --from=build /app/src/mail src/mail
COPY --from=build /app/src/web src/web
COPY --from=build /app/config config
# The user "node" of the base image, numeric so that an orchestrator can verify that it is not root.
RUN mkdir /erasures && chown node:node /erasures
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${+process.env.HEALTH_PORT || +process.env.PORT || 3000}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/cli/main.js"]
