# The official image of PostgreSQL with normfreeze:
#
#   docker build -t postgres-normfreeze .
#   docker run -e POSTGRES_PASSWORD=... postgres-normfreeze
#
# The extension is loaded with the server, so that first calls are fast; a database has it after CREATE EXTENSION normfreeze.
ARG PG_MAJOR=17

FROM postgres:${PG_MAJOR}-trixie AS build
ARG PG_MAJOR
RUN apt-get update && \
    apt-get install -y --no-install-recommends gcc libc6-dev make libmpfr-dev libprotobuf-c-dev protobuf-c-compiler \
        postgresql-server-dev-${PG_MAJOR}
COPY . /src
RUN make -C /src clean && make -C /src -j"$(nproc)" && make -C /src install DESTDIR=/installed

FROM postgres:${PG_MAJOR}-trixie
RUN apt-get update && \
    apt-get install -y --no-install-recommends libmpfr6 libprotobuf-c1 && \
    rm -rf /var/lib/apt/lists/*
COPY --from=build /installed /
CMD ["postgres", "-c", "shared_preload_libraries=normfreeze"]
